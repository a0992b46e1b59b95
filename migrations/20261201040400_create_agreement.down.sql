drop table agreement_version;
drop table agreement;
