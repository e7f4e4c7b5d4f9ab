#include "node/audit/readme.h"

#include <string_view>

#include "node/audit/layout.h"

namespace geflecht::audit {
namespace {

constexpr std::string_view kText = R"readme(Geflecht: Prüfbündel · audit bundle

DEUTSCH. Dieser Ordner enthält Einträge eines Netzwerks: wer was wann in welcher Reihenfolge
geschrieben und unterschrieben hat. Inhalte stehen nur dort, wo sie für diese Prüfung geöffnet
wurden; sonst steht ihr Prüfwert (leaf). Vollständig prüft

  geflecht audit verify . --net NUMMER

NUMMER ist die Nummer des Netzwerks. Nehmen Sie sie von der Geschäftsordnung auf Papier, nicht aus
diesem Ordner. Dass nichts fehlt, beweist dieses Bündel nicht: Das Netzwerk ist nicht versiegelt.

Ohne Geflecht prüfen Sie mit sha256sum, openssl und ssh-keygen (OpenSSH ab 8.1, OpenSSL ab 3.0).
Die eingerückten Zeilen unten sind ein einziges Skript, das beim ersten Fehler abbricht. Lesen Sie
es, bevor Sie es ausführen, und führen Sie es in diesem Ordner aus:

  sed -n 's/^    //p' README.txt > ../check.sh && sh ../check.sh

ENGLISH. This folder holds entries of a network: who wrote and signed what, when, in which order.
Content stands only where it was opened for this audit; elsewhere its hash (leaf) stands. Everything
is checked by

  geflecht audit verify . --net NUMBER

NUMBER is the network's number. Take it from the rules of procedure on paper, not from this folder.
This bundle does not prove that nothing is missing: the network is not sealed.

Without Geflecht, check with sha256sum, openssl and ssh-keygen (OpenSSH 8.1, OpenSSL 3.0 or newer).
The indented lines below are one script, which stops at the first error. Read it before you run it,
and run it in this folder:

  sed -n 's/^    //p' README.txt > ../check.sh && sh ../check.sh

0. DE: Die Nummer des Netzwerks. Ersetzen Sie sie durch Ihre eigene.
   EN: The network's number. Put your own here.

    set -eu
    NET=@NET@
    T=$(mktemp -d)
    trap 'rm -r "$T"' EXIT

1. DE: Alle Dateien sind die, die der Aussteller unterschrieben hat, und keine weiteren.
   EN: All files are those that the exporter signed, and there are no others.

    sha256sum --quiet -c MANIFEST.sha256
    find . ! -type d ! -path './MANIFEST.sha256*' | sed 's/^[.]\///' | LC_ALL=C sort > "$T/here"
    sed 's/^[0-9a-f]*  //' MANIFEST.sha256 | cmp - "$T/here"
    ssh-keygen -Y verify -f keys/allowed_signers -n geflecht-bundle@v1 \
      -I @EXPORTER@ \
      -s MANIFEST.sha256.sig < MANIFEST.sha256

2. DE: Die Gründungsurkunde. Ihre Kennung ist die Nummer des Netzwerks; die Regeln mit den
   Schlüsseln aller Gründer (Datei rules) gehören zu ihr.
   EN: The founding charter. Its id is the network's number; the rules with the keys of all
   founders (file rules) belong to it.

    CHARTER=@CHARTER@
    hex() { od -An -v -tx1 | tr -d ' \n'; }
    awk -v RS= 'NR == 1' "feeds/$CHARTER.log" | sed '/^sig /d' > "$T/charter"
    test "$( (printf '\000'; cat "$T/charter") | sha256sum | cut -c 1-64)" = "$NET"
    SALT=$(sed 's/.*"salt":"\([0-9a-f]*\)","name":"rules".*/\1/' "bodies/$CHARTER.jsonl")
    VALUE=$(sed 's/.*"value":"\(.*\)"}\]}$/\1/; s/\\"/"/g' "bodies/$CHARTER.jsonl")
    printf '%b' "$VALUE" > "$T/rules"
    ROOT=$( (printf '\000%s\nrules\n' "$SALT"; cat "$T/rules") | sha256sum | cut -c 1-64)
    grep -qx "body 1 1 $ROOT" "$T/charter"

3. DE: Jeder Gründer hat die Gründungsurkunde unterschrieben. armour SCHLÜSSEL NAMENSRAUM macht
   aus 64 Bytes eine Unterschrift, die ssh-keygen liest.
   EN: Each founder signed the charter. armour KEY NAMESPACE makes of 64 bytes a signature that
   ssh-keygen reads.

    armour() {
      { printf 'SSHSIG\000\000\000\001\000\000\000\063'
        printf '%s' "$1" | openssl base64 -d -A
        printf "\\000\\000\\000\\$(printf '%03o' "${#2}")%s" "$2"
        printf '\000\000\000\000\000\000\000\006sha512\000\000\000\123'
        printf '\000\000\000\013ssh-ed25519\000\000\000\100'
        cat; } > "$T/blob"
      echo '-----BEGIN SSH SIGNATURE-----'
      openssl base64 -in "$T/blob"
      echo '-----END SSH SIGNATURE-----'
    }
    key() { sed -n "s/^$1 .* ssh-ed25519 //p" keys/allowed_signers; }
    test "$(grep -c '^root ' "$T/rules")" = "$(grep -c '^founder ' charter.sigs)"
    while read -r WORD ROOT SIGNATURE; do
      grep -qx "root $ROOT" "$T/rules"
      test "$(key "$ROOT" | openssl base64 -d -A | tail -c 32 | hex)" = "$ROOT"
      printf '%s' "$SIGNATURE" | openssl base64 -d -A > "$T/sig"
      armour "$(key "$ROOT")" geflecht-charter@v1 < "$T/sig" > "$T/sig.armoured"
      ssh-keygen -Y verify -f keys/allowed_signers -n geflecht-charter@v1 -I "$ROOT" \
        -s "$T/sig.armoured" < "$T/charter"
    done < charter.sigs

4. DE: Jeder Schlüssel in keys/ ist der eines Geräts, das eine Visitenkarte in den Regeln oder in
   einem Beschluss nennt.
   EN: Each key in keys/ is the one of a device that a card in the rules or in a decision names.

    for KEY in keys/*.pem; do
      DEVICE=$(openssl pkey -pubin -in "$KEY" -outform DER | tail -c 32 | hex)
      test "$KEY" = "keys/$DEVICE.pem"
      test "$(key "$DEVICE" | openssl base64 -d -A | tail -c 32 | hex)" = "$DEVICE"
      grep -qx "device $DEVICE" "$T/rules" || grep -qF '\ndevice '"$DEVICE"'\n' bodies/*.jsonl
    done

5. DE: Jeder Eintrag nennt seinen Vorgänger; jede Unterschrift gilt, auch die des letzten, und
   deckt so alle davor. Einen einzelnen Eintrag prüfen Sie genauso: eine Datei, ein Absatz. Hat ein
   Gerät zwei Einträge für einen Platz unterschrieben, endet das Skript hier bei seiner Datei.
   EN: Each entry names the one before it; each signature holds, also that of the last one, and so
   covers all before it. A single entry is checked in the same way: one file, one paragraph. If a
   device signed two entries for one position, the script ends here at its file.

    for FEED in feeds/*.log; do
      IDS=$T/ids-${FEED#feeds/}
      DEVICE=${FEED#*-}
      DEVICE=${DEVICE%-*}
      rm -f "$T"/[0-9]*
      awk -v RS= -v t="$T" '{ print > (t "/" NR); close(t "/" NR) }' "$FEED"
      N=1 PREV=-
      while test -e "$T/$N"; do
        sed '/^sig /d' "$T/$N" > "$T/header"
        grep -qxE "net ($NET|-)" "$T/header"
        grep -qx "device $DEVICE" "$T/header"
        grep -qx "prev $PREV" "$T/header"
        PREV=$( (printf '\000'; cat "$T/header") | sha256sum | cut -c 1-64)
        echo "$PREV" >> "$IDS"
        if grep -q '^sig ' "$T/$N"; then
          sed -n 's/^sig //p' "$T/$N" | openssl base64 -d -A > "$T/sig"
          armour "$(key "$DEVICE")" geflecht-entry@v1 < "$T/sig" > "$T/sig.armoured"
          ssh-keygen -Y verify -f keys/allowed_signers -n geflecht-entry@v1 -I "$DEVICE" \
            -s "$T/sig.armoured" < "$T/header"
          { printf 'SSHSIG\000\000\000\021geflecht-entry@v1\000\000\000\000'
            printf '\000\000\000\006sha512\000\000\000\100'
            openssl dgst -sha512 -binary "$T/header"; } > "$T/preimage"
          openssl pkeyutl -verify -rawin -pubin -inkey "keys/$DEVICE.pem" \
            -in "$T/preimage" -sigfile "$T/sig"
        fi
        N=$((N + 1))
      done
      grep -q '^sig ' "$T/$((N - 1))"
    done

6. DE: Jeder Prüfpunkt (checkpoint) nennt Kennung, Anzahl und Merkle-Wurzel (RFC 6962) der
   Einträge seiner Datei, und der Aussteller hat ihn unterschrieben (C2SP tlog-checkpoint).
   EN: Each checkpoint names origin, number and Merkle root (RFC 6962) of the entries of its file,
   and the exporter signed it (C2SP tlog-checkpoint).

    DEVICE=@EXPORTER@
    octal() { echo "$1" | awk -v D=0123456789abcdef '{ for (i = 1; i < length($0); i += 2)
      printf "\\%03o", 16 * index(D, substr($0, i, 1)) + index(D, substr($0, i + 1, 1)) - 17 }'; }
    raw() { printf "$(octal "$1")"; }
    for FEED in feeds/*.log; do
      FEED=${FEED#feeds/}
      SIZE=$(grep -c . "$T/ids-$FEED")
      while test "$(grep -c . "$T/ids-$FEED")" -gt 1; do
        while read -r LEFT; do
          if read -r RIGHT; then
            (printf '\001'; raw "$LEFT$RIGHT") | sha256sum | cut -c 1-64
          else
            echo "$LEFT"
          fi
        done < "$T/ids-$FEED" > "$T/up"
        mv "$T/up" "$T/ids-$FEED"
      done
      ORIGIN=$(raw "$NET$(echo "${FEED%.log}" | tr -d -)" | sha256sum | cut -c 1-64)
      ROOT=$(raw "$(cat "$T/ids-$FEED")" | openssl base64)
      printf 'geflecht/%s\n%s\n%s\n' "$ORIGIN" "$SIZE" "$ROOT" > "$T/note"
      NOTE=feeds/${FEED%.log}.checkpoint
      head -n 3 "$NOTE" | cmp - "$T/note"
      sed -n "s|^[^ ]* geflecht/device/$DEVICE ||p" "$NOTE" | openssl base64 -d -A |
        tail -c 64 > "$T/sig"
      openssl pkeyutl -verify -rawin -pubin -inkey "keys/$DEVICE.pem" \
        -in "$T/note" -sigfile "$T/sig"
    done
)readme";

void ReplaceAll(std::string& text, std::string_view mark, std::string_view value) {
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
}

}  // namespace

std::string RenderReadme(const log::NetworkId& network, const log::FeedKey& charter,
                         const log::DeviceId& exporter) {
  std::string text(kText);
  std::string stem = FeedFileName(charter);
  stem = stem.substr(stem.find('/') + 1);
  ReplaceAll(text, "@NET@", network.Hex());
  ReplaceAll(text, "@CHARTER@", stem.substr(0, stem.rfind('.')));
  ReplaceAll(text, "@EXPORTER@", exporter.Hex());
  return text;
}

}  // namespace geflecht::audit
