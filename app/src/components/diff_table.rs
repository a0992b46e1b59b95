//! Two texts side by side, with their differences.

use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffRow {
    pub left: Option<String>,
    pub right: Option<String>,
    pub same: bool,
}

/// Changed parts longer than this are shown as changed completely, because the table below grows with the product of both
/// lengths.
const LONGEST_MIDDLE: usize = 600;

pub fn diff_rows(left: &str, right: &str) -> Vec<DiffRow> {
    let (a, b): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let same =
        |line: &&str| DiffRow { left: Some((*line).to_owned()), right: Some((*line).to_owned()), same: true };
    let mut all: Vec<DiffRow> = a[..start].iter().map(same).collect();
    all.extend(middle(&a[start..a.len() - end], &b[start..b.len() - end]));
    all.extend(a[a.len() - end..].iter().map(same));
    all
}

fn middle(a: &[&str], b: &[&str]) -> Vec<DiffRow> {
    if a.len() > LONGEST_MIDDLE || b.len() > LONGEST_MIDDLE {
        return changed(a, b);
    }
    // Length of the longest common subsequence of each pair of tails.
    let mut longest = vec![vec![0u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut from_i, mut from_j) = (0, 0);
    let mut all = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            all.extend(changed(&a[from_i..i], &b[from_j..j]));
            all.push(DiffRow { left: Some(a[i].to_owned()), right: Some(b[j].to_owned()), same: true });
            (i, j) = (i + 1, j + 1);
            (from_i, from_j) = (i, j);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    all.extend(changed(&a[from_i..], &b[from_j..]));
    all
}

fn changed(a: &[&str], b: &[&str]) -> Vec<DiffRow> {
    (0..a.len().max(b.len()))
        .map(|n| DiffRow {
            left: a.get(n).map(|line| (*line).to_owned()),
            right: b.get(n).map(|line| (*line).to_owned()),
            same: false,
        })
        .collect()
}

/// The row that has this line of one side; the first line is 0.
pub fn row_of_line(rows: &[DiffRow], side: impl Fn(&DiffRow) -> &Option<String>, line: usize) -> usize {
    let with_text = rows.iter().enumerate().filter(|(_, row)| side(row).is_some());
    with_text.map(|(index, _)| index).nth(line).unwrap_or(rows.len().saturating_sub(1))
}

/// The first row from this one on in which the sides differ, or this row if there is none.
pub fn difference_after(rows: &[DiffRow], from: usize) -> usize {
    rows.iter().enumerate().skip(from).find(|(_, row)| !row.same).map_or(from, |(index, _)| index)
}

/// The rows under two headings; see [`diff_rows`].
#[component]
pub fn DiffTable(
    #[prop(into)] left: String,
    #[prop(into)] right: String,
    rows: Vec<DiffRow>,
    /// Gives every row an id, this and its index: `conflict-row-0`.
    #[prop(optional)]
    row_id: Option<&'static str>,
) -> impl IntoView {
    let side = |line: Option<String>, same: bool| {
        let class = match (same, &line) {
            (true, _) => "",
            (false, Some(_)) => "conflict-changed",
            (false, None) => "conflict-absent",
        };
        view! { <td class=class>{line}</td> }
    };
    let row = move |(index, row): (usize, DiffRow)| {
        let id = row_id.map(|prefix| format!("{prefix}-{index}"));
        view! {
            <tr id=id>{side(row.left, row.same)} {side(row.right, row.same)}</tr>
        }
    };
    view! {
        <div class="conflict-texts" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{left}</th>
                        <th scope="col">{right}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_stands_side_by_side() {
        let all = diff_rows("a\nb\nc\nd\n", "a\nx\nc\ny\nd\n");
        let shape: Vec<_> =
            all.iter().map(|row| (row.left.as_deref(), row.right.as_deref(), row.same)).collect();
        assert_eq!(
            shape,
            [
                (Some("a"), Some("a"), true),
                (Some("b"), Some("x"), false),
                (Some("c"), Some("c"), true),
                (None, Some("y"), false),
                (Some("d"), Some("d"), true),
            ]
        );
    }

    #[test]
    fn a_line_of_either_side_leads_to_its_row() {
        let all = diff_rows("a\nb\nc\n", "a\nx\ny\nc\n");
        assert_eq!(row_of_line(&all, |row| &row.left, 2), 3);
        assert_eq!(row_of_line(&all, |row| &row.right, 1), 1);
        assert_eq!(row_of_line(&all, |row| &row.right, 99), 3);
        assert_eq!((difference_after(&all, 0), difference_after(&all, 3)), (1, 3));
    }

    #[test]
    fn both_sides_are_complete() {
        let (left, right) = ("a\na\nb\n", "b\na\nc\na\n");
        let all = diff_rows(left, right);
        let side = |pick: fn(&DiffRow) -> &Option<String>| {
            all.iter().filter_map(|row| pick(row).clone()).map(|line| line + "\n").collect::<String>()
        };
        assert_eq!(side(|row| &row.left), left);
        assert_eq!(side(|row| &row.right), right);
    }
}
