drop table deployment_event;
