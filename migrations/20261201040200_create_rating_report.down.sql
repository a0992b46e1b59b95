drop table rating_report;
