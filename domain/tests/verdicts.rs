//! What we report against what Compose itself says about the same small files.
//!
//! `rejected` and `accepted` are the words of Compose, recorded by `scripts/record-verdicts.sh`. `rejected, unseen` marks
//! the few mistakes that no check looks for.

use domain::{
    check::{Basis, Severity, check},
    stack::Stack,
};

#[test]
fn an_error_on_the_basis_of_compose_is_reported_for_what_compose_rejects_and_for_nothing_else() {
    let mut wrong = Vec::new();
    let cases = include_str!("verdicts/compose-2.40.3.txt").split("=== ").skip(1);
    let mut count = 0;
    for case in cases {
        let (verdict, text) = case.split_once('\n').unwrap();
        let findings = check(&Stack::read(text));
        let objects = findings
            .iter()
            .any(|finding| finding.severity == Severity::Error && finding.basis == Basis::Compose);
        if objects != (verdict == "rejected") {
            let said: Vec<_> =
                findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
            wrong.push(format!("{verdict} by Compose:\n{text}{}", said.join("\n")));
        }
        count += 1;
    }
    assert!(count > 300, "{count}");
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n\n"));
}
