drop table host;
