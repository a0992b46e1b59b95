drop table client;
