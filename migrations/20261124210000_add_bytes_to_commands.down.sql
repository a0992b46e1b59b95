alter table commands drop column bytes;
