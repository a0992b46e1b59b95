create table stack_template (
    id uuid primary key,
    creator_user_id varchar(50) not null,
    creator_name varchar(255),
    name varchar(255) not null,
    slug varchar(255) not null,
    short_description text,
    long_description text,
    category_id integer references stack_category (id) on delete set null,
    tags jsonb not null default '[]',
    tech_stack jsonb not null default '{}',
    status varchar(50) not null default 'draft',
    is_configurable boolean not null default true,
    view_count integer not null default 0,
    deploy_count integer not null default 0,
    product_id integer,
    required_plan_name varchar(50),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    approved_at timestamptz,
    constraint stack_template_slug_is_unique unique (slug),
    constraint stack_template_slug_is_not_empty check (slug <> ''),
    constraint stack_template_name_is_not_empty check (name <> ''),
    constraint stack_template_status_is_known check (
        status in ('draft', 'submitted', 'under_review', 'approved', 'needs_changes', 'rejected', 'deprecated')
    ),
    constraint stack_template_approved_has_a_time check (status <> 'approved' or approved_at is not null),
    constraint stack_template_counts_are_not_negative check (view_count >= 0 and deploy_count >= 0),
    constraint stack_template_required_plan_is_not_blank check (trim(required_plan_name) <> '')
);

-- The templates of one creator, newest first.
create index stack_template_creator_idx on stack_template (creator_user_id, created_at desc);
-- What reviewers see, oldest first.
create index stack_template_status_idx on stack_template (status, created_at);
-- What visitors see, in its two orders.
create index stack_template_recent_idx on stack_template (approved_at desc, id) where status = 'approved';
create index stack_template_popular_idx on stack_template (deploy_count desc, view_count desc, id) where status = 'approved';
create index stack_template_category_idx on stack_template (category_id);
create index stack_template_product_idx on stack_template (product_id);

comment on table stack_template is 'A stack that its creator offers to others in the marketplace.';
comment on column stack_template.creator_user_id is 'Opaque, as in project.user_id.';
comment on column stack_template.creator_name is 'For people, as it was when the template was created.';
comment on column stack_template.slug is 'Names the template in addresses, and at the User Service as the code of its product.';
comment on column stack_template.tags is 'Any JSON; an array of words, unless a client sent something else.';
comment on column stack_template.tech_stack is 'Any JSON, as the creator sent it.';
comment on column stack_template.status is 'Where the review stands. Visitors see approved templates only.';
comment on column stack_template.is_configurable is 'Whether people may change the stack before they deploy it.';
comment on column stack_template.product_id is 'The product that a person must have bought before deploying. Null: it is free.';
comment on column stack_template.required_plan_name is
    'The name or code of the plan at the User Service that a person needs to deploy it, or a higher one. Null: none.';
comment on column stack_template.approved_at is 'The last approval.';
