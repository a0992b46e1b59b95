create table cloud (
    id serial primary key,
    user_id varchar(50) not null,
    name varchar(100) not null,
    provider varchar(50) not null,
    save_token boolean not null default false,
    secrets_sealed bytea,
    masks jsonb not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint cloud_name_is_not_empty check (name <> '')
);

create index cloud_user_id_idx on cloud (user_id, id);

comment on table cloud is 'Credentials for a cloud provider, which the install service creates machines with.';
comment on column cloud.user_id is 'The owner. Opaque, as in project.user_id.';
comment on column cloud.provider is 'The code of a provider, or any other text that a client has sent.';
comment on column cloud.save_token is 'Whether the secrets are stored. Without them, each deployment has to bring its own.';
comment on column cloud.secrets_sealed is 'A JSON object with cloud_token, cloud_key and cloud_secret, sealed. Null if none is stored.';
comment on column cloud.masks is 'What is shown of each stored secret, by its key.';

create table cloud_share (
    cloud_id integer not null references cloud (id) on delete cascade,
    project_id integer not null references project (id) on delete cascade,
    primary key (cloud_id, project_id)
);

create index cloud_share_project_id_idx on cloud_share (project_id);

comment on table cloud_share is 'The projects whose operators may deploy with a cloud of the owner.';
