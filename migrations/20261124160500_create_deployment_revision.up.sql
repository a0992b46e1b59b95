create table deployment_revision (
    deployment_id integer not null,
    number integer not null,
    compose text not null,
    outcome varchar(20) not null,
    message text,
    plan jsonb,
    plan_hash varchar(64),
    returns_to integer,
    created_by varchar(255) not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (deployment_id, number),
    constraint deployment_revision_deployment_id_fkey
        foreign key (deployment_id) references deployment (id) on delete cascade,
    constraint deployment_revision_number_is_positive check (number > 0),
    constraint deployment_revision_outcome_is_known check
        (outcome in ('planned', 'in-progress', 'deployed', 'returned', 'failed', 'refused', 'cancelled'))
);

comment on table deployment_revision is 'What was planned and deployed, text by text.';
comment on column deployment_revision.number is 'From 1 in each deployment.';
comment on column deployment_revision.compose is 'The compose file, byte for byte.';
comment on column deployment_revision.outcome is 'How it ended, or that it has not.';
comment on column deployment_revision.message is 'What happened, for people.';
comment on column deployment_revision.plan is 'As the agent made it.';
comment on column deployment_revision.plan_hash is 'SHA-256 of the plan in canonical JSON.';
comment on column deployment_revision.returns_to is 'The earlier revision whose text it has.';
