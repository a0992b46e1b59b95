create table callback_delivery (
    id uuid primary key,
    number bigint not null generated always as identity unique,
    subscription_id uuid not null references callback_subscription (id) on delete cascade,
    event text not null,
    about text,
    body text not null,
    state text not null default 'waiting',
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    retry_until timestamptz not null,
    claimed_until timestamptz,
    last_status smallint,
    last_answer text,
    last_error text,
    created_at timestamptz not null,
    delivered_at timestamptz,
    constraint callback_delivery_state_is_known check (state in ('waiting', 'delivered', 'failed')),
    constraint callback_delivery_answer_is_short check (octet_length(last_answer) <= 2048),
    constraint callback_delivery_delivered_has_time check (state <> 'delivered' or delivered_at is not null)
);

create index callback_delivery_subscription_id_idx on callback_delivery (subscription_id, number);
create index callback_delivery_due_idx on callback_delivery (next_attempt_at) where state = 'waiting';
create index callback_delivery_waiting_idx on callback_delivery (subscription_id, number) where state = 'waiting';
create index callback_delivery_created_at_idx on callback_delivery (created_at);

comment on table callback_delivery is 'Callbacks that wait, and for some days those that were sent.';
comment on column callback_delivery.id is 'The header stacker-delivery, the same at every attempt.';
comment on column callback_delivery.number is 'The order of the events.';
comment on column callback_delivery.about is 'What the event is about: a deployment hash, a command id or the id of an agent.';
comment on column callback_delivery.body is 'JSON, exactly as it is signed and sent. Contains no secret.';
comment on column callback_delivery.attempts is 'Failed attempts since the delivery began to wait.';
comment on column callback_delivery.retry_until is 'After an attempt that fails later than this, the delivery has failed.';
comment on column callback_delivery.claimed_until is 'Until then, no other server sends it.';
comment on column callback_delivery.last_answer is 'The beginning of what the receiver answered, at most 2 kB.';
comment on column callback_delivery.last_error is 'Why there was no answer.';
