create table deployment (
    id serial primary key,
    project_id integer not null,
    user_id varchar(255),
    deployment_hash varchar(128) not null,
    metadata json not null,
    deleted boolean not null default false,
    status varchar(32) not null,
    last_seen_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint deployment_project_id_fkey foreign key (project_id) references project (id),
    constraint deployment_hash_is_unique unique (deployment_hash)
);

create index deployment_project_id_idx on deployment (project_id);
create index deployment_user_id_idx on deployment (user_id);

comment on table deployment is 'A stack on a host.';
comment on column deployment.project_id is 'No cascade: a project goes only after its deployments have ended.';
comment on column deployment.user_id is 'Who started it.';
comment on column deployment.deployment_hash is 'Names the deployment towards agents.';
comment on column deployment.metadata is 'The normalised project form at the time.';
comment on column deployment.deleted is 'Ended and put away.';
comment on column deployment.status is 'Live until deleted, or one of: failed, error, cancelled, removed.';
comment on column deployment.last_seen_at is 'When its agent was last heard of.';
