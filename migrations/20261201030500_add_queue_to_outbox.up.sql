alter table outbox
    add column number bigint generated always as identity,
    add column queue varchar(128);

create index outbox_queue_idx on outbox (destination, queue, number) where queue is not null;

comment on column outbox.number is 'The order in which messages were written.';
comment on column outbox.queue is
    'A message is not delivered before an earlier one of the same destination and queue. Null: it waits for no other.';
comment on column outbox.destination is 'The external service: vault, install, marketplace.';
comment on column outbox.subject is 'What it is about: a deployment hash, or a decision about a template. A newer message replaces a waiting one.';
