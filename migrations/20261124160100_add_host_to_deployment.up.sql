alter table deployment
    add column host_id uuid,
    add column provider varchar(50) not null default 'own',
    add column stack varchar(48) not null default 'stack',
    add column running_revision integer,
    add column drift jsonb not null default '[]',
    add constraint deployment_host_id_fkey foreign key (host_id) references host (id);

create index deployment_host_id_idx on deployment (host_id);

comment on column deployment.host_id is 'Where it runs, when that is a host of one''s own with our agent.';
comment on column deployment.provider is 'own, or a cloud.';
comment on column deployment.stack is 'The compose project name on the host.';
comment on column deployment.running_revision is 'The number of the revision that runs; null while none does.';
comment on column deployment.drift is 'What the agent saw differ from that revision.';
