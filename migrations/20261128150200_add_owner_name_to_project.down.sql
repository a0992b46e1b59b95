alter table project drop column owner_name;
