drop table project_invitation;
