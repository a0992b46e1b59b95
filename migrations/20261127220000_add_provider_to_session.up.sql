alter table session
    add column id uuid not null default gen_random_uuid(),
    add column user_agent text,
    add column ip_address inet,
    add column provider_tokens bytea,
    add column checked_at timestamptz,
    add column confirmed_at timestamptz;

create unique index session_id_idx on session (id);
create index session_user_id_idx on session (user_id);

comment on column session.id is 'Names it without opening anything.';
comment on column session.user_agent is 'What the browser called itself at sign-in.';
comment on column session.ip_address is 'From where somebody signed in.';
comment on column session.provider_tokens is 'What the provider is asked with again, sealed by the key ring; null for one-time links.';
comment on column session.checked_at is 'When the provider was asked again last.';
comment on column session.confirmed_at is 'When it confirmed last who this is.';
