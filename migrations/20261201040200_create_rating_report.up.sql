create table rating_report (
    rating_id integer not null references rating (id) on delete cascade,
    user_id varchar(50) not null,
    reason varchar(500),
    created_at timestamptz not null,
    settled_at timestamptz,
    primary key (rating_id, user_id)
);

create index rating_report_open_idx on rating_report (rating_id) where settled_at is null;

comment on table rating_report is 'Who asks administrators to look at a rating. One for each user and rating.';
comment on column rating_report.user_id is 'Who reported it. Opaque, as in project.user_id.';
comment on column rating_report.settled_at is 'When an administrator decided about the rating. Null: not yet.';
