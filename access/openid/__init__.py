"""Sign-in through a provider of OpenID Connect: the code flow with PKCE, for accounts of ours."""
