create table deployment_service (
    deployment_id integer not null,
    service varchar(255) not null,
    state jsonb not null,
    observed_at timestamptz not null,
    primary key (deployment_id, service),
    constraint deployment_service_deployment_id_fkey
        foreign key (deployment_id) references deployment (id) on delete cascade
);

comment on table deployment_service is 'How the services of a deployment are, as its agent last said.';
comment on column deployment_service.state is 'Container state, health, image, ports.';
comment on column deployment_service.observed_at is 'When the agent saw it so.';
