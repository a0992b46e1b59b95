create table stack_template_review (
    id uuid primary key,
    template_id uuid not null references stack_template (id) on delete cascade,
    version_id uuid references stack_template_version (id) on delete set null,
    reviewer_user_id varchar(50),
    decision varchar(50) not null default 'pending',
    review_reason text,
    security_checklist jsonb not null default
        '{"no_secrets": null, "no_hardcoded_creds": null, "valid_docker_syntax": null, "no_malicious_code": null}',
    submitted_at timestamptz not null,
    reviewed_at timestamptz,
    constraint stack_template_review_decision_is_known check (
        decision in ('pending', 'approved', 'rejected', 'needs_changes')
    ),
    constraint stack_template_review_decision_has_a_reviewer check (
        (decision = 'pending') = (reviewed_at is null) and (decision = 'pending' or reviewer_user_id is not null)
    )
);

create index stack_template_review_template_idx on stack_template_review (template_id, submitted_at desc);
create index stack_template_review_version_idx on stack_template_review (version_id);
create index stack_template_review_decision_idx on stack_template_review (decision, submitted_at);

comment on table stack_template_review is 'What reviewers decided about templates, and what waits for them.';
comment on column stack_template_review.version_id is 'The version that was looked at. Null: the template had none.';
comment on column stack_template_review.reviewer_user_id is 'Opaque, as in project.user_id. Null until somebody decides.';
comment on column stack_template_review.review_reason is 'What the creator is told.';
comment on column stack_template_review.security_checklist is 'True, false, or null for what nobody has checked.';
