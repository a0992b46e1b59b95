alter table outbox add column expires_at timestamptz;

create index outbox_expires_at_idx on outbox (expires_at) where expires_at is not null;

comment on column outbox.expires_at is 'When the message is deleted undelivered, because it holds credentials that nobody stored.';
comment on column outbox.destination is 'The external service: vault, install.';
