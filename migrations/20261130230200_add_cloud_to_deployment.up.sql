alter table deployment
    add column cloud_id integer references cloud (id) on delete set null,
    add column server_id integer references server (id) on delete set null,
    add column progress smallint,
    add column status_message text,
    add constraint deployment_progress_is_a_percentage check (progress between 0 and 100);

create index deployment_cloud_id_idx on deployment (cloud_id);
create index deployment_server_id_idx on deployment (server_id);

comment on column deployment.cloud_id is 'The stored credentials that it was started with.';
comment on column deployment.server_id is 'The machine that the install service sets up.';
comment on column deployment.progress is 'The percentage that the install service last reported.';
comment on column deployment.status_message is 'What the install service last reported, or why a message to it is late.';
