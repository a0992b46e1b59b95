drop view deployment_access;
drop view project_access;
drop table project_member;
drop type project_role;
