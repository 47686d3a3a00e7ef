-- Under which of several grants somebody acts in a session, once they have chosen.
alter table access.sessions add column "grant" text;
