comment on column agents.previous_token_until is 'Until when.';
comment on column outbox.next_attempt_at is 'Grows with each failure. While it is being delivered: when it is tried again if nobody says how it went.';
alter table outbox drop column claimed_until;
