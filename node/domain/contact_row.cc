#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "node/domain/contact.h"

namespace geflecht::domain {
namespace {

struct RowColumn {
  std::string_view heading;
  std::string_view field;
};

constexpr std::array<RowColumn, 26> kRow = {{
    {"Anredeform", "salutation"},
    {"Namenstitel", "prefix"},
    {"Vorname", "given_name"},
    {"Nachname", "family_name"},
    {"Namenszusatz", "suffix"},
    {"Funktion", "function"},
    {"Rolle im Netzwerk", "network_role"},
    {"Organisation", "organisation"},
    {"Abteilung", "department"},
    {"Telefon", "phone"},
    {"Telefon 2", "phone_2"},
    {"Mobil", "mobile"},
    {"E-Mail", "email"},
    {"E-Mail 2", "email_2"},
    {"Straße", "street"},
    {"PLZ", "postal_code"},
    {"Ort", "city"},
    {"Zuständig für", "topics"},
    {"Erreichbarkeit", "availability"},
    {"Vertretung", "deputy"},
    {"Bestätigt am", "verified_at"},
    {"Funktionsende", "role_end"},
    {"Informiert nach Art. 13/14", "info_status"},
    {"Zweck", "purpose"},
    {"Rechtsgrundlage", "legal_basis"},
    {"Löschklasse", "retention_class"},
}};

}  // namespace

std::vector<std::string> ContactRowHeader() {
  std::vector<std::string> header;
  for (const RowColumn& column : kRow) header.emplace_back(column.heading);
  return header;
}

std::vector<std::string> ContactRow(const Record& record) {
  std::vector<std::string> cells;
  for (const RowColumn& column : kRow) cells.emplace_back(TextOf(record, column.field));
  return cells;
}

}  // namespace geflecht::domain
