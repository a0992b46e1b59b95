create table callback_subscription (
    id uuid primary key,
    user_id varchar(50) not null,
    project_id integer references project (id) on delete cascade,
    client_id integer references client (id) on delete cascade,
    url text not null,
    events text[] not null,
    secret_sealed bytea,
    previous_secret_sealed bytea,
    previous_until timestamptz,
    enabled boolean not null,
    disabled_reason text,
    failing_since timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint callback_subscription_url_is_short check (char_length(url) between 1 and 2000),
    constraint callback_subscription_has_events check (cardinality(events) between 1 and 20),
    constraint callback_subscription_is_signed check (not enabled or secret_sealed is not null),
    constraint callback_subscription_previous_secret_ends
        check ((previous_secret_sealed is null) = (previous_until is null)),
    constraint callback_subscription_enabled_without_reason check (not enabled or disabled_reason is null)
);

create index callback_subscription_user_id_idx on callback_subscription (user_id, created_at);
create index callback_subscription_project_id_idx on callback_subscription (project_id);
create unique index callback_subscription_client_id_idx on callback_subscription (client_id);

comment on table callback_subscription is 'Addresses that are called when something happens to the deployments, agents and commands of an account.';
comment on column callback_subscription.user_id is 'The owner. Opaque, as in project.user_id.';
comment on column callback_subscription.project_id is 'Only events of this project. Null: of all projects of the owner.';
comment on column callback_subscription.client_id is 'The API client whose callback_url this is.';
comment on column callback_subscription.events is 'Names such as deployment.completed.';
comment on column callback_subscription.secret_sealed is 'Signs the callbacks. Null until the subscription is enabled for the first time.';
comment on column callback_subscription.previous_secret_sealed is 'The secret before the last rotation, which signs too until previous_until.';
comment on column callback_subscription.disabled_reason is 'Why the server disabled it. Null if the owner did.';
comment on column callback_subscription.failing_since is 'The first failed attempt after the last success.';

-- Nobody agreed to be called when these addresses were stored, so they begin disabled.
insert into callback_subscription (id, user_id, client_id, url, events, enabled, created_at, updated_at)
select
    gen_random_uuid(), user_id, id, left(callback_url, 2000),
    array['deployment.started', 'deployment.completed', 'deployment.failed', 'deployment.removed'], false, now(), now()
from client
where callback_url <> '';
