drop table project;
