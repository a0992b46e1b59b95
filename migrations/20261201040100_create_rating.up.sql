create type rate_category as enum (
    'application', 'cloud', 'project', 'deploymentSpeed', 'documentation', 'design', 'techSupport', 'price', 'memoryUsage'
);

create table rating (
    id serial primary key,
    user_id varchar(50) not null,
    obj_id integer not null references product (obj_id),
    category rate_category not null,
    comment text,
    hidden boolean not null default false,
    rate integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint rating_is_unique unique (user_id, obj_id, category),
    constraint rating_rate_is_in_range check (rate between 0 and 10),
    constraint rating_comment_is_short check (char_length(comment) between 1 and 1000)
);

-- Lists are read by id, the summary of a product by its rates.
create index rating_obj_id_category_rate_idx on rating (obj_id, category, rate) where not hidden;
create index rating_obj_id_id_idx on rating (obj_id, id);

comment on table rating is 'What users think of products. One for each user, product and category, hidden ones included.';
comment on column rating.user_id is 'The author. Opaque, as in project.user_id.';
comment on column rating.comment is 'Plain text. Null: none.';
comment on column rating.hidden is 'Taken back by its author or hidden by an administrator: not shown, and not counted.';
comment on column rating.rate is '0 to 10.';
