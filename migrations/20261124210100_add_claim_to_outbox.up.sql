alter table outbox add column claimed_until timestamptz;

comment on column outbox.claimed_until is 'While it is being delivered: when it is tried again if nobody says how it went.';
comment on column outbox.next_attempt_at is 'Grows with each failure.';
comment on column agents.previous_token_until is 'Until when; null while the token after it was not brought to Vault.';
