drop index deployment_prepared_until_idx;
delete from deployment where prepared_until is not null;
alter table deployment drop column prepared_until;
