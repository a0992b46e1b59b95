drop table registry_credential;
