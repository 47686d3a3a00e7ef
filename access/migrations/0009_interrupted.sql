-- What was typed in a form whose session had ended, while its person is away at the provider.
alter table access.openid_sign_ins
    add column typed text not null default '' check (char_length(typed) <= 100000);
