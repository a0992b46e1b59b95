drop table deployment_revision;
