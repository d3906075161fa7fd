@echo off
rem Runs Heed: finds a JDK 25 or newer, builds what is missing, starts dev.heed.cli.Start.
rem HEED_JAVA_HOME names the JDK to use; HEED_JAVA_OPTIONS holds further options for java.
rem To build again after a change, delete cli\target\launcher and bench\target\launcher.
setlocal EnableDelayedExpansion
set "ROOT=%~dp0"
set "MODULE=cli"
set "MAIN=dev.heed.cli.Start"
if "%~1"=="bench" set "MODULE=bench"
if "%~1"=="bench" set "MAIN=dev.heed.bench.Bench"
set "BUILT=%ROOT%%MODULE%\target\launcher"
set "JAVA="

call :try "%HEED_JAVA_HOME%"
call :try "%JAVA_HOME%"
for /f "delims=" %%j in ('where java 2^>nul') do call :try "%%~dpj.."
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do call :try "%%~d"
if not defined JAVA (
  echo heed: needs a JDK 25 or newer, and found none. 1>&2
  echo Install one ^(Eclipse Temurin 25, for example^), or set HEED_JAVA_HOME to where one is. 1>&2
  exit /b 4
)

if not exist "%BUILT%\stamp" (
  where mvn >nul 2>nul
  if errorlevel 1 (
    echo heed: building needs Maven 3.8 or newer: install it and run this again 1>&2
    exit /b 4
  )
  echo heed: building ^(the first time this fetches LibTorch and an encoder, about 300 MB^) ... 1>&2
  if not exist "%BUILT%" mkdir "%BUILT%"
  pushd "%ROOT%"
  set "JAVA_HOME=!JAVA!"
  call mvn -B -q -Dstyle.color=never -Pfast -Dmaven.test.skip -pl %MODULE% -am package >"%BUILT%\build.log" 2>&1
  if errorlevel 1 (
    type "%BUILT%\build.log" 1>&2
    popd
    exit /b 4
  )
  popd
  type nul >"%BUILT%\stamp"
)

set "FLAGS=-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0"
set "PLAIN="
if "%~1"=="" set "PLAIN=yes"
if "%~1"=="look" set "PLAIN=yes"
if "%~1"=="help" set "PLAIN=yes"
if "%~1"=="inspect" set "PLAIN=yes"
if not defined PLAIN set "FLAGS=%FLAGS% --add-modules jdk.incubator.vector"
set "JARS=%ROOT%%MODULE%\target\*;%ROOT%%MODULE%\target\lib\*"
setlocal DisableDelayedExpansion
"%JAVA%\bin\java" %FLAGS% %HEED_JAVA_OPTIONS% -cp "%JARS%" %MAIN% %*
exit /b %errorlevel%

rem Takes a directory as the JDK if it is one of version 25 or newer and none was found before.
:try
if defined JAVA exit /b 0
if "%~1"=="" exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "usebackq tokens=2 delims==." %%v in (`findstr /b "JAVA_VERSION=" "%~1\release"`) do (
  set "FEATURE=%%v"
  set "FEATURE=!FEATURE:"=!"
  if !FEATURE! geq 25 set "JAVA=%~1"
)
exit /b 0
