create table outbox (
    id uuid primary key,
    destination varchar(50) not null,
    subject varchar(128) not null,
    payload_sealed bytea not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    created_at timestamptz not null,
    constraint outbox_subject_waits_once unique (destination, subject)
);

create index outbox_next_attempt_at_idx on outbox (next_attempt_at);

comment on table outbox is 'What is to be said to neighbours, written in the transaction it belongs to. Delivered rows are deleted.';
comment on column outbox.destination is 'Which neighbour: vault.';
comment on column outbox.subject is 'What it is about: a deployment hash. What is said later takes the place of what still waits.';
comment on column outbox.payload_sealed is 'Sealed with the key ring, because it may hold secrets.';
comment on column outbox.next_attempt_at is 'Grows with each failure. While it is being delivered: when it is tried again if nobody says how it went.';
comment on column outbox.last_error is 'What the neighbour said, without secrets.';
