create table outbox (
    id uuid primary key,
    destination varchar(50) not null,
    payload_sealed bytea not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    created_at timestamptz not null
);

create index outbox_next_attempt_at_idx on outbox (next_attempt_at);

comment on table outbox is 'What is to be said to neighbours, written in the transaction it belongs to. Delivered rows are deleted.';
comment on column outbox.destination is 'Which neighbour: vault.';
comment on column outbox.payload_sealed is 'Sealed with the key ring, because it may hold secrets.';
comment on column outbox.next_attempt_at is 'Grows with each failure.';
comment on column outbox.last_error is 'What the neighbour said, without secrets.';
