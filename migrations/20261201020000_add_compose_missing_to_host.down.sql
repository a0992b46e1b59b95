alter table host drop column compose_missing;
