create table user_agreement (
    id serial primary key,
    agrt_id integer not null,
    version integer not null,
    text_sha256 bytea not null,
    user_id varchar(50) not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint user_agreement_is_unique unique (user_id, agrt_id, version),
    constraint user_agreement_names_a_text foreign key (agrt_id, version) references agreement_version (agreement_id, version)
);

create index user_agreement_agrt_id_id_idx on user_agreement (agrt_id, id);

comment on table user_agreement is 'Who accepted which text, and when. Never changed.';
comment on column user_agreement.agrt_id is 'The agreement.';
comment on column user_agreement.text_sha256 is 'SHA-256 of the UTF-8 text that was accepted.';
comment on column user_agreement.user_id is 'Who accepted it. Opaque, as in project.user_id.';
comment on column user_agreement.updated_at is 'Equal to created_at; existing clients expect it.';
