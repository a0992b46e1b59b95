create table host (
    id uuid primary key,
    user_id varchar(50) not null,
    name text not null,
    is_local boolean not null default false,
    engine text,
    resources jsonb,
    created_at timestamptz not null,
    revoked_at timestamptz,
    constraint host_name_is_short check (char_length(name) between 1 and 100)
);

create index host_user_id_idx on host (user_id, id);
-- There is one machine that the server runs on.
create unique index host_local_is_one_of_its_owner on host (user_id) where is_local and revoked_at is null;

comment on table host is 'A machine that runs our agent, for all stacks of its owner on it.';
comment on column host.user_id is 'Whose it is.';
comment on column host.name is 'For people.';
comment on column host.is_local is 'The machine the server runs on.';
comment on column host.engine is 'The container engine its agent found: docker 28.2.2.';
comment on column host.resources is 'Cores, memory and disk as the agent last said.';
comment on column host.revoked_at is 'Its agent is no longer let in from here on.';
