-- Without its template nobody could tell whether a project may be deployed, so the template stays.
alter table project
    add constraint project_source_template_id_fkey foreign key (source_template_id) references stack_template (id);

create index project_source_template_id_idx on project (source_template_id);
