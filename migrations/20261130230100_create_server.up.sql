create table server (
    id serial primary key,
    user_id varchar(50) not null,
    project_id integer not null references project (id) on update cascade on delete cascade,
    name varchar(100),
    region varchar(50),
    zone varchar(50),
    server varchar(255),
    os varchar(100),
    disk_type varchar(100),
    srv_ip varchar(50),
    ssh_port integer,
    ssh_user varchar(50),
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create index server_user_id_idx on server (user_id, id);
create index server_project_id_idx on server (project_id);

comment on table server is 'A machine that the install service creates or uses. Not to be confused with host, a machine with our agent.';
comment on column server.server is 'The size, in the words of the provider.';
comment on column server.srv_ip is 'Its address, known once the install service has reported it.';
