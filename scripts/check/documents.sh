#!/usr/bin/env bash
# Checks that documents name only what exists: every path in code or a diagram that begins with a top-level folder, every relative
# link, and every error code. `<name>` and `{name}` stand for any name: the folder before them must exist. `*` must match a file.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
cd "$ROOT"

status=0
complain() {
  say "$1: $2"
  status=1
}

mapfile -t documents < <(git ls-files --cached --others --exclude-standard -- '*.md' ':!tests' ':!fuzz' | while read -r file; do
  [[ ! -e $file ]] || printf '%s\n' "$file"
done)
((${#documents[@]} > 0)) || fail "no documents found"
folders=" $(git ls-files --cached --others --exclude-standard | awk -F/ 'NF > 1 { print $1 }' | sort -u | tr '\n' ' ')"

# Prints FILE:LINE and the word, for each word with a slash in `code` or between fences, diagrams included.
words_in_code() {
  awk '
    FNR == 1 { fenced = 0 }
    /^[[:space:]]*```/ { fenced = !fenced; next }
    {
      text = $0
      if (!fenced) {
        count = split($0, parts, "`")
        text = ""
        for (i = 2; i <= count; i += 2) text = text " " parts[i]
      }
      gsub(/<br *\/?>/, " ", text)
      gsub(/[^A-Za-z0-9_.\/<>{}*-]+/, " ", text)
      count = split(text, words, " ")
      for (i = 1; i <= count; i++) {
        sub(/\.+$/, "", words[i])
        if (words[i] ~ /\//) print FILENAME ":" FNR "\t" words[i]
      }
    }' "${documents[@]}"
}

while IFS=$'\t' read -r place word; do
  [[ $folders == *" ${word%%/*} "* ]] || continue
  path="$word"
  if [[ $word == *[\<\{]* ]]; then
    path="${word%%[<\{]*}"
    path="${path%/*}"
  fi
  # Files that git ignores are created by builds, so they need not exist here.
  compgen -G "$path" >/dev/null || git check-ignore -q -- "$path" || complain "$place" "there is no $path"
done < <(words_in_code)

# Prints the headings of a document in the form of link anchors: lower case, without punctuation, spaces as hyphens.
anchors_of() {
  awk '
    /^[[:space:]]*```/ { fenced = !fenced; next }
    !fenced && /^#+ / {
      sub(/^#+ +/, "")
      text = tolower($0)
      gsub(/[^a-z0-9 _-]/, "", text)
      gsub(/ /, "-", text)
      print text
    }' "$1"
}

# Prints FILE:LINE and the target of each link that is not a URL.
links() {
  awk '
    FNR == 1 { fenced = 0 }
    /^[[:space:]]*```/ { fenced = !fenced; next }
    !fenced {
      text = $0
      while (match(text, /\]\([^)]+\)/)) {
        target = substr(text, RSTART + 2, RLENGTH - 3)
        text = substr(text, RSTART + RLENGTH)
        if (target !~ /^[a-z]+:/) print FILENAME ":" FNR "\t" target
      }
    }' "${documents[@]}"
}

while IFS=$'\t' read -r place target; do
  from="${place%:*}"
  file="$from"
  [[ $target == '#'* ]] || file="$(dirname "$from")/${target%%#*}"
  if [[ ! -e $file ]]; then
    complain "$place" "the link to $target leads nowhere"
  elif [[ $target == *'#'* && $'\n'"$(anchors_of "$file")"$'\n' != *$'\n'"${target#*#}"$'\n'* ]]; then
    complain "$place" "$file has no heading for #${target#*#}"
  fi
done < <(links)

# Every code listed in docs/api.md must occur in the sources. (A test of the crate `domain` compares docs/rules.md with the
# pages of the codes.)
while IFS= read -r code; do
  git grep -qF --untracked -e "\"$code\"" -- 'domain/*.rs' 'core/*.rs' 'server/*.rs' || complain docs/api.md "no code is called $code"
done < <(sed -n '/^## Codes/,/^## Rate limits/p' docs/api.md | awk -F '|' '/^\| `/ { print $2 } /^`/ { print $0 }' | grep -oE '`[a-z]+(-[a-z]+)*`' | tr -d '\`' | sort -u)

((status != 0)) || say "documents: ${#documents[@]} read, all paths and links hold"
exit "$status"
