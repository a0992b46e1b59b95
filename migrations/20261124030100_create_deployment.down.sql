drop table deployment;
