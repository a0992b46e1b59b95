comment on column outbox.subject is 'What it is about: a deployment hash. What is said later takes the place of what still waits.';
comment on column outbox.destination is 'The external service: vault, install.';
drop index outbox_queue_idx;
alter table outbox drop column queue, drop column number;
