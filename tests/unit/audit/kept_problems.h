// What a verifier says of a bundle, to the last detail: a test that calls Keep has its reports
// compared with tests/golden/audit-problems when it ends.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/golden/golden.h"

namespace geflecht::audit::testing {

class KeptProblems : public ::testing::EmptyTestEventListener {
 public:
  // Of the test that runs now.
  static void Keep(const std::string& text) {
    static KeptProblems* const kept = [] {
      auto* const made = new KeptProblems;  // GoogleTest owns it
      ::testing::UnitTest::GetInstance()->listeners().Append(made);
      return made;
    }();
    kept->text_ += text + "\n";
  }

 private:
  void OnTestEnd(const ::testing::TestInfo& test) override {
    if (!text_.empty())
      ExpectGolden(
          std::string("audit-problems/") + test.test_suite_name() + "." + test.name(), text_);
    text_.clear();
  }

  std::string text_;
};

}  // namespace geflecht::audit::testing
