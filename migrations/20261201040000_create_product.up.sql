create table product (
    id integer primary key,
    obj_id integer not null,
    obj_type text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint product_obj_id_is_unique unique (obj_id)
);

comment on table product is 'What can be rated.';
comment on column product.id is 'Equal to obj_id in all existing data. Not drawn from a sequence.';
comment on column product.obj_id is 'The id under which callers know the product.';
comment on column product.obj_type is 'The kind of the product, for people: Application, marketplace_template.';

insert into product (id, obj_id, obj_type, created_at, updated_at)
values (1, 1, 'Application', '2023-09-17 16:25:49+00', '2023-09-17 16:25:49+00');
