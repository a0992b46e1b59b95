drop table cloud_share;
drop table cloud;
