create table registry_credential (
    id serial primary key,
    user_id varchar(50) not null,
    project_id integer references project (id) on delete cascade,
    server varchar(255) not null,
    username varchar(255) not null,
    password_sealed bytea not null,
    mask varchar(20) not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint registry_credential_is_unique unique nulls not distinct (user_id, project_id, server)
);

create index registry_credential_project_id_idx on registry_credential (project_id);

comment on table registry_credential is 'Credentials for private images, used to look images up and sent to the install service.';
comment on column registry_credential.user_id is 'The owner. Opaque, as in project.user_id.';
comment on column registry_credential.project_id is 'The project whose images alone they are for. Null: all projects of the owner.';
comment on column registry_credential.server is 'The host of the registry in lower case, with a port if it has one; docker.io for Docker Hub.';
comment on column registry_credential.password_sealed is 'A password or an access token, sealed.';
comment on column registry_credential.mask is 'What is shown of the password.';
