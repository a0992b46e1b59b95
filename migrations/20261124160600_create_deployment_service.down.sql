drop table deployment_service;
