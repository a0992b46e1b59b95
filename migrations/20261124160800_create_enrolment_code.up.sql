create table enrolment_code (
    code_hash bytea primary key,
    user_id varchar(50) not null,
    host_id uuid,
    deployment_hash varchar(128),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint enrolment_code_hash_is_sha256 check (octet_length(code_hash) = 32),
    constraint enrolment_code_host_id_fkey foreign key (host_id) references host (id) on delete cascade,
    constraint enrolment_code_is_for_one_thing check ((host_id is null) <> (deployment_hash is null))
);

create index enrolment_code_expires_at_idx on enrolment_code (expires_at);

comment on table enrolment_code is 'One-time codes that let an agent in. Using one deletes its row.';
comment on column enrolment_code.code_hash is 'SHA-256 of the code; the code itself was shown once.';
comment on column enrolment_code.user_id is 'Who made it.';
comment on column enrolment_code.host_id is 'The host that joins with it.';
comment on column enrolment_code.deployment_hash is 'The deployment whose agent gets a new token with it.';
comment on column enrolment_code.expires_at is 'Not valid from here on; swept when the next one is made.';
